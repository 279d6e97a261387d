CREATE OR REPLACE FUNCTION public.set_notification_settings(p_user_id bigint, p_channel text, p_language text) RETURNS json
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
-- Whoever wishes mail says that the address works again. What waits for a way that is not wished any more is not sent,
-- except mails with a link, which somebody has just asked for.
BEGIN
    IF p_channel IS NULL OR p_channel NOT IN ('auto', 'telegram', 'mail', 'both') THEN
        PERFORM public.raise_refusal(public.invalid_field('EB105', 'setting', 'channel', 'must be auto, telegram, mail or both'));
    ELSIF p_language NOT IN ('en', 'ru') THEN
        PERFORM public.raise_refusal(public.invalid_field('EB105', 'setting', 'language', 'must be en, ru or null'));
    END IF;

    UPDATE public.users
    SET notify_by = p_channel,
        language = p_language,
        mail_broken_at = CASE WHEN p_channel = 'telegram' THEN mail_broken_at END,
        mail_error = CASE WHEN p_channel = 'telegram' THEN mail_error END
    WHERE id = p_user_id;
    IF NOT FOUND THEN
        PERFORM public.raise_refusal(public.user_not_found(p_user_id));
    END IF;
    DELETE FROM public.outbox AS o
    WHERE o.user_id = p_user_id AND o.state = 'waiting' AND o.link_nonce IS NULL
      AND (o.channel = 'mail' AND p_channel = 'telegram' OR o.channel = 'telegram' AND p_channel = 'mail');
    RETURN public.get_notification_settings(p_user_id);
END
$$;

COMMENT ON FUNCTION public.set_notification_settings IS
    'By which way (auto: Telegram where it works, else mail; telegram; mail; both) and in which language the user is told from now on; returns get_notification_settings. Raises EB003 user_not_found, EB105 invalid_setting.';
