-- Who did not say whether they own a home is not known to own one.
SELECT count(*) FROM demographics
 WHERE age IN ('19-24', '25-34')
   AND coalesce(home_ownership, 'unknown') NOT IN ('Homeowner', 'Probable Homeowner')
