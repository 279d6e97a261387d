CREATE OR REPLACE FUNCTION public.find_or_add_user(p_email text, p_name text, p_telegram_id text) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
DECLARE
    v_user_ids bigint[];
    v_refusals public.refusal[];
BEGIN
    SELECT found.user_ids, found.refusals INTO v_user_ids, v_refusals
    FROM public.find_or_add_users(ARRAY[p_email], ARRAY[p_name], ARRAY[p_telegram_id]) AS found;
    PERFORM public.raise_refusal(v_refusals[1]);
    RETURN v_user_ids[1];
END
$$;

COMMENT ON FUNCTION public.find_or_add_user IS
    'The id of the user with this email, added if new: find_or_add_users for one. Raises EB102 invalid_user.';
