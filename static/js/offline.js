// Says when the network is gone and when it is back.
const bar = document.getElementById("offline");
const show = () => (bar.hidden = navigator.onLine);
addEventListener("offline", () => {
  show();
  document.dispatchEvent(new CustomEvent("rus:announce", { detail: bar.textContent.trim() }));
});
addEventListener("online", show);
show();
