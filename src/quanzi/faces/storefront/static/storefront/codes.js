/* The pickup code of this order stays on the device for a place without network; app.js empties the shelf for the next person. */
document.addEventListener("own", async ({ detail: own }) => {
  const order = document.querySelector("[data-order]");
  if (!order) return;
  const { order: number, code, point } = order.dataset;
  const found = await own.match("/own/codes");
  const codes = (found ? await found.json() : []).filter((one) => one.number !== number);
  const drawn = order.querySelector("svg[role=img]")?.outerHTML.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ');
  if (code) codes.unshift({ number, code, point, qr: drawn || "", at: Date.now() });
  await own.put("/own/codes", new Response(JSON.stringify(codes.slice(0, 5))));
});
