// Low latency or smoothness: decided by what is known of the network, and by the stalls that really happened.
const SLOW_TYPES = ["slow-2g", "2g", "3g"];
const SLOW_ROUND_TRIP = 400; // ms
const STALLS = 3;
const WINDOW = 60000; // ms

// connection: a NetworkInformation, or undefined where the browser tells nothing.
export function startsWithLowLatency(connection) {
  if (!connection) return true;
  if (connection.saveData) return false;
  if (SLOW_TYPES.includes(connection.effectiveType)) return false;
  return !(connection.rtt > SLOW_ROUND_TRIP);
}

// Bits per second assumed until the first download has been measured.
export function firstEstimate(connection) {
  const told = connection && connection.downlink ? connection.downlink * 1e6 * 0.7 : 2e6;
  return Math.min(5e6, Math.max(3e5, told));
}

// Counts stalls; three within a minute mean that low latency asks too much of this network.
export class StallRecord {
  constructor() {
    this.times = [];
  }

  add(now) {
    this.times = this.times.filter((time) => now - time < WINDOW);
    this.times.push(now);
    return this.times.length >= STALLS;
  }

  clear() {
    this.times = [];
  }
}
