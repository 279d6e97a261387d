CREATE OR REPLACE FUNCTION public.user_not_found(p_user_id bigint) RETURNS public.refusal
LANGUAGE sql IMMUTABLE AS
$$
    SELECT public.refuse('EB003', format('There is no user %s.', p_user_id))
$$;

COMMENT ON FUNCTION public.user_not_found IS
    'EB003 user_not_found, always: for a caller that has looked for the user and found none.';
