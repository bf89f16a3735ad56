SELECT count(DISTINCT a.household_id)
  FROM redeemed a
  JOIN redeemed b ON b.household_id = a.household_id AND b.day > a.day AND b.day <= a.day + 14
  JOIN redeemed c ON c.household_id = b.household_id AND c.day > b.day AND c.day <= b.day + 14
