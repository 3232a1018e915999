const { createServer } = require('node:http');
const { Client } = require('pg');

/** A shop on a database. */
async function openShop(databaseUrl) {
  const database = new Client({ connectionString: databaseUrl });
  await database.connect();
  return {
    async addProduct(name, price, stock) {
      const { rows } = await database.query(
        'INSERT INTO products (name, price, stock) VALUES ($1, $2, $3) RETURNING id',
        [name, price, stock],
      );
      return rows[0].id;
    },
    async order(product, amount) {
      const { rows } = await database.query(
        `WITH taken AS (UPDATE products SET stock = stock - $2 WHERE id = $1 RETURNING price)
         INSERT INTO orders (product, amount, total) SELECT $1, $2, price * $2 FROM taken RETURNING total`,
        [product, amount],
      );
      return rows[0].total;
    },
    async list() {
      const { rows } = await database.query('SELECT name, price, stock FROM products ORDER BY name');
      return rows;
    },
    async clear() {
      await database.query('TRUNCATE orders, products RESTART IDENTITY');
    },
    close: () => database.end(),
  };
}

/** The list of products over HTTP. */
function serve(shop, port) {
  const server = createServer(async (_request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(await shop.list()));
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

module.exports = { openShop, serve };
