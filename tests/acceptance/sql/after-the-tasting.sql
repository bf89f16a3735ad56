-- The lines of the stores' list with a date that is one. The households that their addresses belong to, blanks around
-- and the case of letters apart, the first of several; the other lines are of strangers. All guests so far are those of
-- this list, for there was none before. Guests who used a coupon in December or later get nothing; the others a mail,
-- and a second one after a week unless they used one by then; nobody who got the first has. What is counted are both
-- rounds together: in the second, everybody who comes can be reached, for they could in the first.
WITH list AS (
    SELECT row_number() OVER () AS line, trim("E-mail") AS address
      FROM read_csv('examples/files/tasting_guests.csv', header = true, all_varchar = true)
     WHERE try_cast("Visited on" AS DATE) IS NOT NULL
), found AS (
    SELECT line, min(household_id) AS household_id
      FROM list JOIN people ON lower(people.email) = lower(list.address)
     GROUP BY line
), guests AS (
    SELECT DISTINCT household_id FROM found
), used AS (
    SELECT household_id FROM coupon_redemptions WHERE redemption_date >= '2017-12-01'
), hesitant AS (
    SELECT household_id FROM guests ANTI JOIN used USING (household_id)
), reachable AS (
    SELECT h.household_id, lower(h.email) AS address
      FROM people h JOIN consents c ON c.household_id = h.household_id AND c.state = 'opted_in'
     WHERE regexp_matches(h.email, '^[^@ ]+@[^@ ]+\.[a-z]+$')
), no_mail AS (
    SELECT household_id, row_number() OVER (PARTITION BY address ORDER BY household_id) AS place, address
      FROM hesitant LEFT JOIN reachable USING (household_id)
   QUALIFY address IS NULL OR place > 1
), by_text AS (
    SELECT h.household_id, h.phone
      FROM people h JOIN text_consents c ON c.household_id = h.household_id AND c.state = 'opted_in'
     WHERE regexp_matches(h.phone, '^\+1[0-9]{10}$')
), text AS (
    SELECT count(*) AS people, count(DISTINCT phone) AS sent FROM no_mail LEFT JOIN by_text USING (household_id)
), mail AS (
    SELECT count(*) AS people, count(DISTINCT address) AS sent FROM hesitant LEFT JOIN reachable USING (household_id)
)
SELECT 'list.main' AS port, count(*) AS people FROM list
UNION ALL SELECT 'known.main', count(*) FROM guests
UNION ALL SELECT 'known.unmatched', (SELECT count(*) FROM list) - (SELECT count(*) FROM found)
UNION ALL SELECT 'strangers.main', (SELECT count(*) FROM list) - (SELECT count(*) FROM found)
UNION ALL SELECT 'keep.main', count(*) FROM guests
UNION ALL SELECT 'keep.members', count(*) FROM guests
UNION ALL SELECT 'guests.missing', 0
UNION ALL SELECT 'guests.main', count(*) FROM guests
UNION ALL SELECT 'used.main', count(*) FROM used
UNION ALL SELECT 'users.main', count(DISTINCT household_id) FROM used
UNION ALL SELECT 'users.unmatched', count(*) FROM used ANTI JOIN people USING (household_id)
UNION ALL SELECT 'hesitant.main', count(*) FROM hesitant
UNION ALL SELECT 'hesitant.complement', (SELECT count(*) FROM guests) - (SELECT count(*) FROM hesitant)
UNION ALL SELECT 'mail.sent', 2 * sent FROM mail
UNION ALL SELECT 'week.main', 2 * sent FROM mail
UNION ALL SELECT 'still.none', 2 * sent FROM mail
UNION ALL SELECT 'again.back', sent FROM mail
UNION ALL SELECT 'again.main', sent FROM mail
UNION ALL SELECT 'mail.excluded', people - sent FROM mail
UNION ALL SELECT 'text.sent', sent FROM text
UNION ALL SELECT 'text.excluded', people - sent FROM text
