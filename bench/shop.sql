-- People and their orders, set-wise and the same every time: all chance is a hash of the row's number.
-- Parameters: people, orders. Buyers are heavy-tailed, one e-mail address in fifty belongs to two people.

CREATE SCHEMA shop;

CREATE TABLE shop.person (
    id bigint NOT NULL, first_name text NOT NULL, email text NOT NULL, country text NOT NULL, born date NOT NULL,
    tier text NOT NULL
);

INSERT INTO shop.person
SELECT g, 'Name' || g %% 5000,
       'p' || CASE WHEN g %% 50 = 0 THEN g - 1 ELSE g END || '@d' || (g - 1) / 50 %% 5 || '.example.com',
       (ARRAY['AT', 'DE', 'KR', 'NO', 'US'])[1 + abs(hashint8extended(g, 1)) %% 5],
       date '1940-01-01' + (abs(hashint8extended(g, 2)) %% 24000)::int,
       (ARRAY['gold', 'silver', 'none'])[1 + abs(hashint8extended(g, 3)) %% 3]
FROM generate_series(1, %(people)s::bigint) AS g;

ALTER TABLE shop.person ADD PRIMARY KEY (id);

CREATE TABLE shop.orders (
    id bigint NOT NULL, person_id bigint NOT NULL, ordered_at timestamptz NOT NULL, amount numeric(12, 2) NOT NULL,
    category text NOT NULL
);

INSERT INTO shop.orders
SELECT g, 1 + floor((%(people)s - 1) * power(abs(hashint8extended(g, 4)) %% 1000003 / 1000003.0::float8, 1.7::float8))::bigint,
       timestamptz '2017-01-01 00:00:00+00' + (abs(hashint8extended(g, 5)) %% 31536000) * interval '1 second',
       (100 + abs(hashint8extended(g, 6)) %% 9900) / 100.0, 'c' || abs(hashint8extended(g, 7)) %% 25
FROM generate_series(1, %(orders)s::bigint) AS g;

ALTER TABLE shop.orders ADD PRIMARY KEY (id);

-- With the tie-breaker in it, somebody's last order is the first entry of theirs: nothing is sorted or looked up.
CREATE INDEX ON shop.orders (person_id, ordered_at DESC, id) INCLUDE (amount, category);
