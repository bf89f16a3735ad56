-- Households with at least three lines of cat or dog food in 2017, none of them in the 60 days before 2018 (by the
-- clocks of New York). One household an e-mail address, the one that spent most; a tenth of them, in each language,
-- withheld by the hash of "pets-2018" and the household. If a hundred or more are left, the quarter that spent most on
-- pet food gets one mail and the others another.
WITH pet AS (
    SELECT t.household_id, t.transaction_timestamp AS bought, t.sales_value::DECIMAL(12, 2) AS paid
      FROM transactions t JOIN products p ON p.product_id = t.product_id
     WHERE p.product_category = 'CAT FOOD' OR p.product_category = 'DOG FOODS'
), lapsed AS (
    SELECT household_id, sum(paid) AS spent
      FROM pet
     GROUP BY household_id
    HAVING count(*) >= 3 AND count(*) FILTER (WHERE bought >= '2017-11-02 04:00' AND bought <= '2018-01-01 05:00') = 0
), addressed AS (
    SELECT l.*, h.language, h.email, coalesce(lower(trim(h.email)), 'none ' || h.household_id) AS address
      FROM lapsed l JOIN people h ON h.household_id = l.household_id
), fair AS (
    SELECT * FROM addressed
   QUALIFY row_number() OVER (PARTITION BY address ORDER BY spent DESC, household_id) = 1
), drawn AS (
    SELECT *, md5('pets-2018' || chr(31) || household_id) AS hash FROM fair
), strata AS (
    SELECT language, count(*) AS people, count(*) / 10 AS due, floor(count(*) / 10) AS whole FROM drawn GROUP BY language
), places AS (
    SELECT language,
           whole + (row_number() OVER (ORDER BY due - whole DESC, language)
                    <= (SELECT round(count(*) / 10) FROM drawn) - sum(whole) OVER ())::INT AS seats
      FROM strata
), withheld AS (
    SELECT household_id FROM drawn JOIN places USING (language)
   QUALIFY row_number() OVER (PARTITION BY language ORDER BY left(hash, 1) < '8', hash, household_id) <= any_value(seats) OVER (PARTITION BY language)
), treated AS (
    SELECT * FROM drawn WHERE household_id NOT IN (SELECT household_id FROM withheld)
), ranked AS (
    SELECT *, md5('value/best' || chr(31) || household_id) AS luck FROM treated
), best AS (
    SELECT * FROM ranked
   QUALIFY row_number() OVER (ORDER BY spent DESC, left(luck, 1) < '8', luck, household_id) <= (SELECT round(count(*) / 4) FROM treated)
), rest AS (
    SELECT * FROM treated WHERE household_id NOT IN (SELECT household_id FROM best)
), reachable AS (
    SELECT h.household_id FROM people h JOIN consents c ON c.household_id = h.household_id AND c.state = 'opted_in'
     WHERE regexp_matches(h.email, '^[^@ ]+@[^@ ]+\.[a-z]+$')
)
SELECT 'lapsed.main' AS port, count(*) AS people FROM lapsed
UNION ALL SELECT 'facts.main', count(*) FROM lapsed
UNION ALL SELECT 'fair.main', count(*) FROM fair
UNION ALL SELECT 'fair.complement', (SELECT count(*) FROM lapsed) - (SELECT count(*) FROM fair)
UNION ALL SELECT 'hold.control', count(*) FROM withheld
UNION ALL SELECT 'hold.main', count(*) FROM treated
UNION ALL SELECT 'enough.yes', count(*) FROM treated HAVING count(*) >= 100
UNION ALL SELECT 'value.best', count(*) FROM best
UNION ALL SELECT 'value.complement', count(*) FROM rest
UNION ALL SELECT 'best-mail.sent', count(*) FROM best SEMI JOIN reachable USING (household_id)
UNION ALL SELECT 'best-mail.excluded', count(*) FROM best ANTI JOIN reachable USING (household_id)
UNION ALL SELECT 'rest-mail.sent', count(*) FROM rest SEMI JOIN reachable USING (household_id)
UNION ALL SELECT 'rest-mail.excluded', count(*) FROM rest ANTI JOIN reachable USING (household_id)
UNION ALL SELECT 'week.main', count(*) FROM best SEMI JOIN reachable USING (household_id)
