CREATE OR REPLACE FUNCTION public.mail_account_link(p_user_id bigint, p_purpose text, p_nonce text, p_token text)
RETURNS boolean
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS
$$
-- A link is made for nobody as for somebody, and a second one where the other has a mail, so that the time taken does not
-- tell whose email is known. Five in a quarter of an hour are enough for anybody; more would only fill the mailbox.
DECLARE
    v_enabled boolean := (SELECT enabled FROM public.mail);
BEGIN
    IF v_enabled THEN
        PERFORM public.create_account_link(p_user_id, p_purpose, p_nonce, p_token);
        IF (SELECT count(*) FROM public.account_links WHERE user_id = p_user_id) BETWEEN 1 AND 5 THEN
            PERFORM public.queue_account_mail(p_user_id, p_purpose, p_nonce);
        ELSE
            PERFORM public.create_account_link(NULL, p_purpose, p_nonce || ' of nobody', p_token || ' of nobody');
        END IF;
    END IF;
    RETURN v_enabled;
END
$$;

COMMENT ON FUNCTION public.mail_account_link IS
    'Makes an account link and queues the mail that carries it, unless p_user_id is NULL; false, and nothing is done, where there is no mail.';
