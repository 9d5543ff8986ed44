// How large the player is, for its styles: narrow or wide, and the height of what is shown.
const NARROW = 560; // CSS pixels

// Gives the observer, to be disconnected at the end.
export function observeSizes(player, controller) {
  const sizes = new ResizeObserver(() => {
    player.dataset.width = player.clientWidth < NARROW ? "narrow" : "wide";
    player.style.setProperty("--lp-height", `${player.clientHeight}px`);
    // In full screen the controller is larger than the element it stands in.
    controller.style.setProperty("--lp-picture", `${controller.clientHeight}px`);
  });
  sizes.observe(player);
  sizes.observe(controller);
  return sizes;
}
