-- The operations of `operations_campaign.py` in DuckDB's own best words, over tables in its memory, each materialised.

-- port everybody.main
SELECT id AS key FROM person

-- port others.main
SELECT id AS key FROM person WHERE country IN ('AT', 'DE', 'KR')

-- port segment.main
SELECT id AS key FROM person
 WHERE country IN ('AT', 'DE', 'KR') AND born BETWEEN '1977-01-01' AND '1992-12-31'
   AND id IN (SELECT person_id FROM orders WHERE ordered_at >= '2017-10-03 00:00:00+00'
               GROUP BY person_id HAVING sum(amount) > 200)
   AND id NOT IN (SELECT person_id FROM orders WHERE category = 'c7')

-- port filter.main
SELECT id AS key FROM person WHERE born < '1974-03-02'

-- port union.main
SELECT key FROM filter_main UNION SELECT key FROM others_main

-- port intersection.main
SELECT key FROM filter_main SEMI JOIN others_main USING (key)

-- port exclusion.main
SELECT key FROM filter_main ANTI JOIN others_main USING (key)

-- port split.a
SELECT key FROM everybody_main ORDER BY md5_number_upper('bench/a' || chr(31) || key), key
 LIMIT (SELECT round(count(*) * 0.333333)::bigint FROM everybody_main)

-- port split.b
SELECT key FROM everybody_main ANTI JOIN split_a USING (key) ORDER BY md5_number_upper('bench/b' || chr(31) || key), key
 LIMIT (SELECT round(count(*) * 0.333333)::bigint FROM everybody_main)

-- port split.c
SELECT key FROM everybody_main ANTI JOIN split_a USING (key) ANTI JOIN split_b USING (key)

-- port last_order.main
SELECT f.key, o.amount FROM filter_main AS f
  LEFT JOIN (SELECT person_id, arg_max(amount, ordered_at) AS amount FROM orders GROUP BY person_id) AS o
    ON o.person_id = f.key

-- port attributes.main
SELECT f.key, p.first_name, p.email, p.tier FROM filter_main AS f JOIN person AS p ON p.id = f.key

-- port dedup.main
SELECT arg_max(w.key, t.born) AS key FROM everybody_main AS w JOIN person AS t ON t.id = w.key GROUP BY lower(t.email)
