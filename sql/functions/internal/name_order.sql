CREATE OR REPLACE FUNCTION public.name_order(p_name text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$
    SELECT lower(regexp_replace(normalize(p_name, NFD), '[\u0300-\u036f]', '', 'g'))
$$;

COMMENT ON FUNCTION public.name_order IS
    'What names are sorted by on paper (COLLATE "C", whatever the locale of the database): without regard to case and accents, Élan beside Elan.';
