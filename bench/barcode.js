// Reads the wall-clock barcode of bench/barcode.py from every picture a <video> shows.
// window.benchWatch(video) starts; window.benchSeen holds what was seen, for the measuring process to fetch.
window.benchWatch = (video) => {
  const BLOCKS = 32, STRIP_SHARE = 18, MIDDLE = 125, MARGIN = 40, WRAP_MS = 2 ** 24;
  const seen = { frames: [], unreadable: 0, waiting: 0, playing: 0, errors: [], startedAt: Date.now() };
  const canvas = new OffscreenCanvas(BLOCKS * 8, 8);
  const context = canvas.getContext("2d", { willReadFrequently: true });

  const luma = (pixels, at) => 0.2126 * pixels[at] + 0.7152 * pixels[at + 1] + 0.0722 * pixels[at + 2];
  // RGB is full range: black and white come back as 0 and 255, not 16 and 235; the middle stays near enough.
  const read = () => {
    const strip = video.videoHeight / STRIP_SHARE;
    context.drawImage(video, 0, 0, video.videoWidth, strip, 0, 0, canvas.width, canvas.height);
    const pixels = context.getImageData(0, 4, canvas.width, 1).data;
    let code = 0n;
    for (let block = 0; block < BLOCKS; block += 1) {
      const value = luma(pixels, (block * 8 + 4) * 4);
      if (Math.abs(value - MIDDLE) < MARGIN) return null;
      code = (code << 1n) | (value > MIDDLE ? 1n : 0n);
    }
    const check = Number(code & 0xffn), stamp = Number(code >> 8n);
    const wanted = ((stamp >> 16) * 3 + ((stamp >> 8) & 0xff) * 5 + (stamp & 0xff) * 7 + 0x5a) & 0xff;
    return check === wanted ? stamp : null;
  };

  const onFrame = () => {
    const now = Date.now();
    video.requestVideoFrameCallback(onFrame);
    const stamp = read();
    if (stamp === null) { seen.unreadable += 1; return; }
    seen.frames.push([now, (((now - stamp) % WRAP_MS) + WRAP_MS) % WRAP_MS]);
  };
  video.requestVideoFrameCallback(onFrame);
  video.addEventListener("playing", () => { seen.playing += 1; });
  // A wait counts once the picture has moved: the wait before the first picture is the start, not a stall.
  video.addEventListener("waiting", () => { if (seen.frames.length > 0) seen.waiting += 1; });
  video.addEventListener("error", () => seen.errors.push(String(video.error?.message)));
  window.benchSeen = seen;
  window.benchResult = () => ({
    ...seen,
    height: video.videoHeight,
    dropped: video.getVideoPlaybackQuality().droppedVideoFrames,
  });
};
