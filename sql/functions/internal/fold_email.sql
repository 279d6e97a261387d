CREATE OR REPLACE FUNCTION public.fold_email(p_email text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$
    SELECT lower(btrim(p_email) COLLATE "C")
$$;

COMMENT ON FUNCTION public.fold_email IS
    'The form in which emails are compared: without spaces around it and with A-Z as a-z; no other letter changes, whatever the locale. The index users_email_key is made of it: to change the rule, rebuild it in a migration.';
