CREATE OR REPLACE FUNCTION public.get_notification_settings(p_user_id bigint) RETURNS json
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
DECLARE
    v_settings json;
BEGIN
    SELECT json_build_object(
        'channel', u.notify_by,
        'language', u.language,
        'mail_available', mail.enabled,
        'mail_error', u.mail_error
    ) INTO v_settings
    FROM public.users AS u CROSS JOIN public.mail AS mail
    WHERE u.id = p_user_id;
    IF NOT FOUND THEN
        PERFORM public.raise_refusal(public.user_not_found(p_user_id));
    END IF;
    RETURN v_settings;
END
$$;

COMMENT ON FUNCTION public.get_notification_settings IS
    'By which way and in which language (null: not known) the user wishes to be told, whether there is mail, and why the address takes none (or null). Raises EB003 user_not_found.';
