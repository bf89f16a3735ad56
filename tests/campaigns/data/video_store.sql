-- A video rental company in the shape of the well-known sample databases Sakila and Pagila: a schema somebody else owns.
CREATE SCHEMA video;
CREATE TYPE video.mpaa_rating AS ENUM ('G', 'PG', 'PG-13', 'R', 'NC-17');
CREATE DOMAIN video.year AS integer CHECK (VALUE BETWEEN 1901 AND 2155);
CREATE TABLE video.country (country_id serial PRIMARY KEY, country text NOT NULL, last_update timestamptz DEFAULT now());
CREATE TABLE video.city (
    city_id serial PRIMARY KEY, city text NOT NULL, country_id int NOT NULL REFERENCES video.country);
CREATE TABLE video.address (
    address_id serial PRIMARY KEY, address text NOT NULL, address2 text, district text, phone text,
    city_id int NOT NULL REFERENCES video.city);
CREATE TABLE video.language (language_id serial PRIMARY KEY, name character(20) NOT NULL);
CREATE TABLE video.category (category_id serial PRIMARY KEY, name text NOT NULL);
CREATE TABLE video.actor (actor_id serial PRIMARY KEY, first_name text NOT NULL, last_name text NOT NULL);
CREATE TABLE video.film (
    film_id serial PRIMARY KEY, title text NOT NULL, release_year video.year, length smallint,
    language_id int NOT NULL REFERENCES video.language, original_language_id int REFERENCES video.language,
    rental_rate numeric(4, 2) NOT NULL DEFAULT 4.99, rating video.mpaa_rating DEFAULT 'G', special_features text[],
    fulltext tsvector, CHECK (length > 0));
CREATE TABLE video.film_actor (
    actor_id int REFERENCES video.actor, film_id int REFERENCES video.film, PRIMARY KEY (actor_id, film_id));
CREATE TABLE video.film_category (
    film_id int REFERENCES video.film, category_id int REFERENCES video.category, PRIMARY KEY (film_id, category_id));
CREATE TABLE video.store (store_id serial PRIMARY KEY, manager_staff_id int NOT NULL UNIQUE, address_id int REFERENCES video.address);
CREATE TABLE video.staff (
    staff_id serial PRIMARY KEY, first_name text, last_name text, email text, picture bytea,
    address_id int REFERENCES video.address, store_id int REFERENCES video.store);
ALTER TABLE video.store ADD FOREIGN KEY (manager_staff_id) REFERENCES video.staff DEFERRABLE INITIALLY DEFERRED;
CREATE TABLE video.customer (
    customer_id serial PRIMARY KEY, store_id int NOT NULL REFERENCES video.store, first_name text NOT NULL,
    last_name text NOT NULL, email text, address_id int NOT NULL REFERENCES video.address, activebool boolean NOT NULL,
    create_date date NOT NULL);
CREATE TABLE video.inventory (
    inventory_id serial PRIMARY KEY, film_id int NOT NULL REFERENCES video.film, store_id int NOT NULL REFERENCES video.store);
CREATE TABLE video.rental (
    rental_id serial PRIMARY KEY, rental_date timestamptz NOT NULL, inventory_id int NOT NULL REFERENCES video.inventory,
    customer_id int NOT NULL REFERENCES video.customer, return_date timestamptz, staff_id int REFERENCES video.staff,
    UNIQUE (rental_date, inventory_id, customer_id));
CREATE TABLE video.payment (
    payment_id int NOT NULL, customer_id int NOT NULL REFERENCES video.customer, rental_id int NOT NULL REFERENCES video.rental,
    staff_id int REFERENCES video.staff, amount numeric(5, 2) NOT NULL, payment_date timestamptz NOT NULL,
    PRIMARY KEY (payment_date, payment_id)) PARTITION BY RANGE (payment_date);
CREATE TABLE video.payment_p1 PARTITION OF video.payment FOR VALUES FROM ('2022-01-01') TO ('2022-07-01');
CREATE TABLE video.payment_p2 PARTITION OF video.payment FOR VALUES FROM ('2022-07-01') TO ('2023-01-01');
CREATE VIEW video.customer_list AS SELECT customer_id AS id, first_name || ' ' || last_name AS name FROM video.customer;
CREATE MATERIALIZED VIEW video.rental_by_category AS
    SELECT c.name AS category, count(*) AS rentals FROM video.film_category f JOIN video.category c USING (category_id) GROUP BY 1;

INSERT INTO video.country (country) VALUES ('Korea'), ('Canada'), ('Peru');
INSERT INTO video.city (city, country_id) SELECT 'City ' || n, n % 3 + 1 FROM generate_series(1, 12) n;
INSERT INTO video.address (address, city_id) SELECT n || ' Street', n % 12 + 1 FROM generate_series(1, 200) n;
INSERT INTO video.language (name) VALUES ('English'), ('Korean');
INSERT INTO video.category (name) SELECT unnest('{Action,Family,Horror,Music}'::text[]);
INSERT INTO video.actor (first_name, last_name) SELECT 'A' || n, 'B' || n % 7 FROM generate_series(1, 30) n;
INSERT INTO video.film (title, release_year, length, language_id, rental_rate, rating)
     SELECT 'Film ' || n, 1990 + n % 30, 60 + n % 90, n % 2 + 1, n % 5 + 0.99,
            (enum_range(NULL::video.mpaa_rating))[n % 5 + 1] FROM generate_series(1, 60) n;
INSERT INTO video.film_actor SELECT DISTINCT n * 7 % 29 + 1, n % 60 + 1 FROM generate_series(1, 400) n;
INSERT INTO video.film_category SELECT n, n % 4 + 1 FROM generate_series(1, 60) n;
INSERT INTO video.store (manager_staff_id, address_id) VALUES (1, 1), (2, 2);
INSERT INTO video.staff (first_name, address_id, store_id) VALUES ('Mike', 1, 1), ('Jon', 2, 2);
INSERT INTO video.customer (store_id, first_name, last_name, email, address_id, activebool, create_date)
     SELECT n % 2 + 1, 'C' || n, 'D' || n % 9, 'c' || n || '@example.com', n, n % 11 > 0, DATE '2021-01-01' + n
       FROM generate_series(1, 180) n;
INSERT INTO video.inventory (film_id, store_id) SELECT n % 60 + 1, n % 2 + 1 FROM generate_series(1, 240) n;
INSERT INTO video.rental (rental_date, inventory_id, customer_id, staff_id)
     SELECT TIMESTAMPTZ '2022-01-01' + n * INTERVAL '5 hours', n * 13 % 240 + 1, n * n % 150 + 1, n % 2 + 1
       FROM generate_series(1, 1200) n;
INSERT INTO video.payment SELECT rental_id, customer_id, rental_id, staff_id, rental_id % 9 + 0.99, rental_date FROM video.rental;
SET CONSTRAINTS ALL IMMEDIATE;
