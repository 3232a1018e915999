/** What is left to pay after a voucher of cents ("5.00") or per cent ("15%"), never below zero. */
function redeem(cents, voucher) {
  const match = /^(\d+)(%|\.\d\d)$/.exec(voucher);
  if (match === null) throw new Error(`${JSON.stringify(voucher)} is not a voucher: "15%" and "5.00" are.`);
  const off = match[2] === '%' ? Math.round((cents * Number(match[1])) / 100) : Number(match[1] + match[2].slice(1));
  return Math.max(0, cents - off);
}

module.exports = { redeem };
