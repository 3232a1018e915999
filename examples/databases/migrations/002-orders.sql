CREATE TABLE orders (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  product integer NOT NULL REFERENCES products,
  amount integer NOT NULL CHECK (amount > 0),
  total integer NOT NULL
);
