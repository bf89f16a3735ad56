-- Families with children that had something of the produce department in at least twelve baskets of the 26 weeks before
-- 2018. All of them are meant by the offer; on Monday the reminder goes, in its short version, to half of those whom the
-- offer reached, by the hash of "fresh-2018/short" and the household, and in its long one to whoever else had produce
-- in sixty or more baskets of the year.
WITH families AS (
    SELECT household_id FROM demographics WHERE kids_count <> '0'
), produce AS (
    SELECT t.household_id, t.basket_id, t.transaction_timestamp AS bought
      FROM transactions t JOIN products p ON p.product_id = t.product_id WHERE p.department = 'PRODUCE'
), fresh AS (
    SELECT household_id FROM produce
     WHERE bought >= '2017-07-03 04:00' AND bought <= '2018-01-01 05:00'
     GROUP BY household_id HAVING count(DISTINCT basket_id) >= 12
), meant AS (
    SELECT household_id FROM families INTERSECT SELECT household_id FROM fresh
), others AS (
    (SELECT household_id FROM families UNION SELECT household_id FROM fresh) EXCEPT SELECT household_id FROM meant
), reachable AS (
    SELECT h.household_id, lower(h.email) AS address
      FROM people h JOIN consents c ON c.household_id = h.household_id AND c.state = 'opted_in'
     WHERE regexp_matches(h.email, '^[^@ ]+@[^@ ]+\.[a-z]+$')
), offered AS (
    SELECT min(household_id) AS household_id FROM meant JOIN reachable USING (household_id) GROUP BY address
), short AS (
    SELECT household_id, md5('fresh-2018/short' || chr(31) || household_id) AS hash FROM offered
   QUALIFY row_number() OVER (ORDER BY left(hash, 1) < '8', hash, household_id) <= (SELECT round(count(*) / 2) FROM offered)
), eager AS (
    SELECT household_id FROM produce GROUP BY household_id HAVING count(DISTINCT basket_id) >= 60
), versions AS (
    SELECT household_id FROM short
    UNION SELECT household_id FROM meant JOIN eager USING (household_id)
), reminded AS (
    SELECT count(*) AS people, count(DISTINCT address) AS sent FROM versions LEFT JOIN reachable USING (household_id)
)
SELECT 'families.main' AS port, count(*) AS people FROM families
UNION ALL SELECT 'fresh.main', count(*) FROM fresh
UNION ALL SELECT 'fresh-families.main', count(*) FROM meant
UNION ALL SELECT 'fresh-families.complement', count(*) FROM others
UNION ALL SELECT 'ways.now', count(*) FROM meant
UNION ALL SELECT 'ways.later', count(*) FROM meant
UNION ALL SELECT 'offer.sent', count(*) FROM offered
UNION ALL SELECT 'offer.excluded', (SELECT count(*) FROM meant) - (SELECT count(*) FROM offered)
UNION ALL SELECT 'monday.main', count(*) FROM meant
UNION ALL SELECT 'both.main', count(*) FROM meant
UNION ALL SELECT 'facts.main', count(*) FROM meant
UNION ALL SELECT 'versions.main', count(*) FROM versions
UNION ALL SELECT 'versions.complement', (SELECT count(*) FROM meant) - (SELECT count(*) FROM versions)
UNION ALL SELECT 'reminder.sent', sent FROM reminded
UNION ALL SELECT 'reminder.excluded', people - sent FROM reminded
