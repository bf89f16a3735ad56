-- What a person would write by hand for the operations of `operations_campaign.py`, in the best forms known for them:
-- one SELECT a port, each materialised as the engine materialises it.

-- port everybody.main
SELECT id AS key FROM shop.person

-- port others.main
SELECT id AS key FROM shop.person WHERE country IN ('AT', 'DE', 'KR')

-- port segment.main
-- Of nine forms the fastest at 1, 15 and 80 % of the people: the sum asked of whole orders takes 3 times as long.
SELECT p.id AS key FROM shop.person AS p JOIN shop.orders AS s ON s.person_id = p.id
 WHERE p.country IN ('AT', 'DE', 'KR') AND p.born BETWEEN '1977-01-01' AND '1992-12-31'
   AND s.ordered_at >= '2017-10-03 00:00:00+00'
   AND NOT EXISTS (SELECT FROM shop.orders AS o WHERE o.person_id = p.id AND o.category = 'c7')
 GROUP BY p.id HAVING sum(s.amount) > 200

-- port filter.main
SELECT id AS key FROM shop.person WHERE born < '1974-03-02'

-- port union.main
-- without hashagg
SELECT key FROM baseline.filter_main UNION SELECT key FROM baseline.others_main

-- port intersection.main
-- without hashjoin
SELECT f.key FROM baseline.filter_main AS f
 WHERE EXISTS (SELECT FROM baseline.others_main AS o WHERE o.key = f.key)

-- port exclusion.main
-- without hashjoin
SELECT f.key FROM baseline.filter_main AS f
 WHERE NOT EXISTS (SELECT FROM baseline.others_main AS o WHERE o.key = f.key)

-- port split.a
SELECT key FROM (
    SELECT key FROM baseline.everybody_main
     ORDER BY ('x' || left(md5('bench/a' || chr(31) || key), 16))::bit(64)::bigint, key
     LIMIT (SELECT round(count(*) * 0.333333) FROM baseline.everybody_main)) AS chosen

-- port split.b
SELECT key FROM (
    SELECT e.key FROM baseline.everybody_main AS e
     WHERE NOT EXISTS (SELECT FROM baseline.split_a AS a WHERE a.key = e.key)
     ORDER BY ('x' || left(md5('bench/b' || chr(31) || e.key), 16))::bit(64)::bigint, e.key
     LIMIT (SELECT round(count(*) * 0.333333) FROM baseline.everybody_main)) AS chosen

-- port split.c
SELECT e.key FROM baseline.everybody_main AS e
 WHERE NOT EXISTS (SELECT FROM baseline.split_a AS a WHERE a.key = e.key)
   AND NOT EXISTS (SELECT FROM baseline.split_b AS b WHERE b.key = e.key)

-- port last_order.main
SELECT f.key, coalesce(o.list, '[]'::jsonb) AS last, o.amount AS last_1_amount
  FROM baseline.filter_main AS f
  LEFT JOIN LATERAL (SELECT jsonb_build_array(jsonb_build_object('amount', amount)) AS list, amount
                       FROM shop.orders WHERE person_id = f.key
                      ORDER BY ordered_at DESC, id LIMIT 1) AS o ON true

-- port attributes.main
SELECT f.key, p.first_name, p.email, p.tier FROM baseline.filter_main AS f JOIN shop.person AS p ON p.id = f.key

-- port dedup.main
-- without hashjoin
SELECT key FROM (
    SELECT DISTINCT ON (lower(t.email) COLLATE "C") w.key
      FROM baseline.everybody_main AS w JOIN shop.person AS t ON t.id = w.key
     ORDER BY lower(t.email) COLLATE "C", t.born DESC, w.key) AS kept
