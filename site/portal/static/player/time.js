// Times as the player writes them.
export function clockTime(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (number) => String(number).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const rest = `${two(Math.floor((whole % 3600) / 60))}:${two(whole % 60)}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
}

// Days, hours, minutes and seconds until a moment; null when it has come.
export function remaining(milliseconds) {
  if (milliseconds <= 0) return null;
  const seconds = Math.ceil(milliseconds / 1000);
  return {
    days: Math.floor(seconds / 86400),
    hours: Math.floor((seconds % 86400) / 3600),
    minutes: Math.floor((seconds % 3600) / 60),
    seconds: seconds % 60,
  };
}

// The second that the address asks for (?t=83), beside whatever else it says; undefined without one. Pure.
export function secondAsked(query) {
  const asked = new URLSearchParams(query).get("t") || "";
  return /^\d{1,5}$/.test(asked) ? Number(asked) : undefined;
}
