/* Where somebody is, asked only when they press the button, and rounded to about a hundred metres. Without script: type the place. */
(() => {
  for (const button of document.querySelectorAll("[data-locate]")) {
    if (!navigator.geolocation) continue;
    button.hidden = false;
    button.addEventListener("click", () => navigator.geolocation.getCurrentPosition(({ coords }) => {
      const [latitude, longitude] = [coords.latitude, coords.longitude].map((degrees) => degrees.toFixed(3));
      if (button.dataset.locate) { location.assign(`${button.dataset.locate}?at=${latitude},${longitude}`); return; }
      for (const [name, value] of [["latitude", latitude], ["longitude", longitude]]) button.form.elements[name].value = value;
    }, () => { document.getElementById("no-place").hidden = false; }, { timeout: 10000, maximumAge: 300000 }));
  }
})();
