// What the page says of saving.
export const STATES = {
  saved: "已保存",
  waiting: "有改动，马上保存",
  saving: "正在保存…",
  offline: "没有网络：改动留在这台电脑的浏览器里，连上后自动保存",
  lost: "别人接手了校对，没存上的改动留在这一页",
  refused: "没有保存",
};
