// @ts-check
// Show a message when a passkey didn't work: allauth's script only writes to the console.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const message = document.getElementById("key_trouble");
  if (!message) return;
  message.hidden = false;
  message.scrollIntoView({ block: "nearest" });
});
