CREATE OR REPLACE FUNCTION public.default_user_name(p_name text, p_email text) RETURNS text
LANGUAGE sql IMMUTABLE AS
$$
    SELECT coalesce(nullif(btrim(p_name), ''), left(split_part(btrim(p_email), '@', 1), 200))
$$;

COMMENT ON FUNCTION public.default_user_name IS
    'What to call a user: the name given, or else the part of the email before the @.';
