// Signing in in another tab gives a new token: the form that is sent again takes it along.
document.addEventListener("submit", (event) => {
  const field = event.target.matches("form[data-fresh-token]") && event.target.elements.csrfmiddlewaretoken;
  const token = /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1];
  if (field && token) field.value = token;
});
