// Says in words when a passkey did not work: allauth's own script only tells the console.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const trouble = document.getElementById("key_trouble");
  if (!trouble) return;
  trouble.hidden = false;
  trouble.scrollIntoView({ block: "nearest" });
});
