CREATE OR REPLACE FUNCTION public.end_access(p_user_id bigint) RETURNS void
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS
$$
    DELETE FROM public.access_tokens WHERE user_id = p_user_id;
    DELETE FROM public.account_links WHERE user_id = p_user_id;
    UPDATE public.users SET calendar_version = calendar_version + 1 WHERE id = p_user_id
$$;

COMMENT ON FUNCTION public.end_access IS
    'Ends all sessions, API tokens and account links of a user, and the address of the calendar: for every change of password or role, since whoever had them may not be who has the account now.';
