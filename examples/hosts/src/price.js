exports.price = (items) => items.reduce((sum, { cents, count }) => sum + cents * count, 0);
