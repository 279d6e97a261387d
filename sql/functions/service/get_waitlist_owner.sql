CREATE OR REPLACE FUNCTION public.get_waitlist_owner(p_entry_id bigint) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
    SELECT user_id FROM public.waitlist WHERE id = p_entry_id AND created_at >= public.owned_since(user_id)
$$;

COMMENT ON FUNCTION public.get_waitlist_owner IS
    'The id of the entry''s user, for deciding who may see and leave it; NULL while the entry is older than an account whose email is not proven, and where there is no such entry, so that nobody learns which there are.';
