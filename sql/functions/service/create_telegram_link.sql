CREATE OR REPLACE FUNCTION public.create_telegram_link(
    p_user_id bigint,
    p_token text,
    p_lifetime interval DEFAULT '15 minutes'
) RETURNS json
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
DECLARE
    v_username text := (SELECT username FROM public.telegram_bot WHERE enabled);
    v_now timestamptz := public.clock();
BEGIN
    IF NOT EXISTS (SELECT FROM public.users WHERE id = p_user_id) THEN
        PERFORM public.raise_refusal(public.user_not_found(p_user_id));
    END IF;
    IF v_username IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'EB304',
            MESSAGE = 'There is no Telegram bot here.',
            HINT = 'Set TELEGRAM_BOT_TOKEN and run the worker; it asks Telegram for the bot''s name when it starts.';
    END IF;

    DELETE FROM public.telegram_links WHERE expires_at <= v_now;
    INSERT INTO public.telegram_links (token_hash, user_id, expires_at)
    VALUES (sha256(convert_to(p_token, 'UTF8')), p_user_id, v_now + p_lifetime);
    RETURN json_build_object(
        'url', format('https://t.me/%s?start=%s', v_username, p_token),
        'expires_at', v_now + p_lifetime
    );
END
$$;

COMMENT ON FUNCTION public.create_telegram_link IS
    'A link that connects the user to the chat in which it is opened, once; p_token has at most 64 of A-Z a-z 0-9 _ -. Raises EB003 user_not_found, EB304 telegram_off.';
