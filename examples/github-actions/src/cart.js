/** Lines of { article, cents, quantity }; adding an article again raises its quantity. */
function addToCart(cart, article, cents, quantity = 1) {
  if (!cart.some((line) => line.article === article)) return [...cart, { article, cents, quantity }];
  return cart.map((line) => (line.article === article ? { ...line, quantity: line.quantity + quantity } : line));
}

function totalCents(cart) {
  return cart.reduce((sum, line) => sum + line.cents * line.quantity, 0);
}

module.exports = { addToCart, totalCents };
