CREATE OR REPLACE FUNCTION public.get_telegram_status(p_user_id bigint) RETURNS json
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
DECLARE
    v_status json;
BEGIN
    SELECT json_build_object(
        'available', bot.enabled AND bot.username IS NOT NULL,
        'linked', u.telegram_id IS NOT NULL,
        'error', u.telegram_error
    ) INTO v_status
    FROM public.users AS u CROSS JOIN public.telegram_bot AS bot
    WHERE u.id = p_user_id;
    IF NOT FOUND THEN
        PERFORM public.raise_refusal(public.user_not_found(p_user_id));
    END IF;
    RETURN v_status;
END
$$;

COMMENT ON FUNCTION public.get_telegram_status IS
    'Whether there is a bot, whether the user has linked a chat, and why that chat cannot be reached (or null). Raises EB003 user_not_found.';
