-- Households that were sent a campaign of type A and used no coupon of that campaign, but for those who say they earn
-- 150,000 dollars or more; without any who bought for 250 dollars or more in the 90 days before 2018 and has ever
-- redeemed a coupon. To them come the regulars who never redeemed any. Who reads Korean gets a mail in Korean, 500 of
-- the others, by the hash of "coupons-2018/first" and the household, one in English.
WITH unused AS (
    SELECT DISTINCT c.household_id
      FROM campaigns c JOIN campaign_descriptions d ON d.campaign_id = c.campaign_id
      LEFT JOIN coupon_redemptions r ON r.household_id = c.household_id AND r.campaign_id = c.campaign_id
     WHERE d.campaign_type = 'Type A' AND r.household_id IS NULL
), invited AS (
    SELECT household_id FROM unused
    EXCEPT
    SELECT household_id FROM demographics WHERE income IN ('150-174K', '175-199K', '200-249K', '250K+')
), regulars AS (
    SELECT household_id FROM transactions
     WHERE transaction_timestamp >= '2017-10-03 04:00' AND transaction_timestamp <= '2018-01-01 05:00'
     GROUP BY household_id HAVING sum(sales_value::DECIMAL(12, 2)) >= 250
), redeemed AS (
    SELECT r.household_id FROM coupon_redemptions r JOIN regulars USING (household_id)
), unmatched AS (
    SELECT household_id FROM regulars WHERE household_id NOT IN (SELECT household_id FROM redeemed)
), fresh AS (
    SELECT household_id FROM invited WHERE household_id NOT IN (SELECT household_id FROM redeemed)
), newcomers AS (
    SELECT household_id FROM fresh UNION SELECT household_id FROM unmatched
), korean AS (
    SELECT household_id FROM newcomers JOIN people USING (household_id) WHERE language = 'ko'
), first AS (
    SELECT household_id, md5('coupons-2018/first' || chr(31) || household_id) AS hash
      FROM newcomers WHERE household_id NOT IN (SELECT household_id FROM korean)
     ORDER BY left(hash, 1) < '8', hash, household_id LIMIT 500
), reachable AS (
    SELECT h.household_id, lower(h.email) AS address
      FROM people h JOIN consents c ON c.household_id = h.household_id AND c.state = 'opted_in'
     WHERE regexp_matches(h.email, '^[^@ ]+@[^@ ]+\.[a-z]+$')
), korean_mail AS (
    SELECT count(*) AS people, count(DISTINCT address) AS sent FROM korean LEFT JOIN reachable USING (household_id)
), first_mail AS (
    SELECT count(*) AS people, count(DISTINCT address) AS sent FROM first LEFT JOIN reachable USING (household_id)
)
SELECT 'invited.main' AS port, count(*) AS people FROM invited
UNION ALL SELECT 'invited.complement', (SELECT count(*) FROM people) - (SELECT count(*) FROM invited)
UNION ALL SELECT 'regulars.main', count(*) FROM regulars
UNION ALL SELECT 'redeemed.main', count(*) FROM redeemed
UNION ALL SELECT 'redeemed.unmatched', count(*) FROM unmatched
UNION ALL SELECT 'fresh.main', count(*) FROM fresh
UNION ALL SELECT 'fresh.complement', (SELECT count(*) FROM invited) - (SELECT count(*) FROM fresh)
UNION ALL SELECT 'newcomers.main', count(*) FROM newcomers
UNION ALL SELECT 'waves.korean', count(*) FROM korean
UNION ALL SELECT 'waves.first', count(*) FROM first
UNION ALL SELECT 'waves.complement', (SELECT count(*) FROM newcomers) - (SELECT count(*) FROM korean) - 500
UNION ALL SELECT 'korean-mail.sent', sent FROM korean_mail
UNION ALL SELECT 'korean-mail.excluded', people - sent FROM korean_mail
UNION ALL SELECT 'first-mail.sent', sent FROM first_mail
UNION ALL SELECT 'first-mail.excluded', people - sent FROM first_mail
