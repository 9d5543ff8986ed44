// Times as the editor writes and reads them.
export function clock(ms) {
  const whole = Math.max(0, Math.round(ms));
  const two = (number) => String(number).padStart(2, "0");
  const [hours, minutes] = [Math.floor(whole / 3600000), Math.floor((whole % 3600000) / 60000)];
  const seconds = `${two(Math.floor((whole % 60000) / 1000))}.${String(whole % 1000).padStart(3, "0")}`;
  return hours ? `${hours}:${two(minutes)}:${seconds}` : `${two(minutes)}:${seconds}`;
}

// "1:02:03.4", "02:03", "3.25" → ms; null for anything else. Full-width colons and points are read too.
export function readClock(text) {
  const plain = text.trim().replaceAll("：", ":").replaceAll("。", ".").replaceAll("，", ".");
  const match = /^(?:(?:(\d{1,2}):)?(\d{1,2}):)?(\d{1,2})(?:\.(\d{1,3}))?$/.exec(plain);
  if (!match) return null;
  const [, hours = 0, minutes = 0, seconds, part = ""] = match;
  if ((match[2] !== undefined && Number(seconds) > 59) || (match[1] !== undefined && Number(minutes) > 59)) return null;
  return (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000 + Number(part.padEnd(3, "0"));
}
