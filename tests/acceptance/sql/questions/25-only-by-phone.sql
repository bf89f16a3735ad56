-- An address is usable if it looks like a@b.c, without blanks.
SELECT count(*) FROM people
 WHERE NOT coalesce(regexp_matches(email, '^[^ @]+@[^ @]+\.[^ @]+$'), false) AND starts_with(phone, '+1')
