-- What a person would write by hand for the campaign in `flow_campaign.py`, one SELECT a port, each materialised
-- as the engine materialises it: CREATE TABLE AS in the order of keys, primary key, ANALYZE, one transaction an
-- activity.

-- port adults.main
SELECT id AS key FROM shop.person
 WHERE country IN ('AT', 'DE', 'KR') AND born BETWEEN '1945-01-01' AND '1999-12-31'

-- port buyers.main
SELECT person_id AS key FROM shop.orders
 WHERE ordered_at >= '2017-10-03 00:00:00+00' GROUP BY person_id HAVING sum(amount) > 120

-- port fans.main
SELECT DISTINCT person_id AS key FROM shop.orders
 WHERE category = 'c7' AND ordered_at >= '2017-10-03 00:00:00+00'

-- port either.main
-- without hashagg
SELECT key FROM baseline.adults_main UNION SELECT key FROM baseline.buyers_main

-- port wanted.main
-- without hashjoin
SELECT e.key FROM baseline.either_main AS e
 WHERE NOT EXISTS (SELECT FROM baseline.fans_main AS f WHERE f.key = e.key)

-- port unique.main
-- without hashjoin
SELECT key FROM (
    SELECT DISTINCT ON (lower(t.email) COLLATE "C") w.key
      FROM baseline.wanted_main AS w JOIN shop.person AS t ON t.id = w.key
     ORDER BY lower(t.email) COLLATE "C", t.born DESC, w.key) AS kept

-- port facts.main
SELECT u.key, t.tier, coalesce(o.spent, 0) AS spent
  FROM baseline.unique_main AS u JOIN shop.person AS t ON t.id = u.key
  LEFT JOIN (SELECT person_id, sum(amount) AS spent FROM shop.orders
              WHERE ordered_at >= '2017-10-03 00:00:00+00' GROUP BY person_id) AS o ON o.person_id = u.key

-- port hold.control
SELECT * FROM (
    SELECT * FROM baseline.facts_main
     ORDER BY ('x' || left(md5('bench' || chr(31) || key), 16))::bit(64)::bigint, key
     LIMIT (SELECT round(count(*) * 0.10) FROM baseline.facts_main)) AS held

-- port hold.main
-- without hashjoin
SELECT f.* FROM baseline.facts_main AS f
 WHERE NOT EXISTS (SELECT FROM baseline.hold_control AS c WHERE c.key = f.key)

-- port ways.gold
SELECT * FROM baseline.hold_main WHERE tier = 'gold'

-- port ways.spenders
SELECT * FROM baseline.hold_main WHERE tier <> 'gold' AND spent > 50

-- port ways.tenth
SELECT * FROM (
    SELECT * FROM baseline.hold_main WHERE tier <> 'gold' AND spent <= 50
     ORDER BY ('x' || left(md5('bench/tenth' || chr(31) || key), 16))::bit(64)::bigint, key
     LIMIT (SELECT round(count(*) * 0.10) FROM baseline.hold_main WHERE tier <> 'gold' AND spent <= 50)) AS chosen

-- port ways.complement
SELECT h.* FROM baseline.hold_main AS h
 WHERE h.tier <> 'gold' AND h.spent <= 50
   AND NOT EXISTS (SELECT FROM baseline.ways_tenth AS t WHERE t.key = h.key)

-- port best.main
-- without hashjoin
SELECT g.* FROM baseline.ways_gold AS g
 WHERE EXISTS (SELECT FROM baseline.buyers_main AS b WHERE b.key = g.key)
