"""The database itself keeps submitted responses, and dispositions once made, as they were."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION refuse_submitted_response() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'submitted' THEN
        RAISE EXCEPTION 'response % is submitted', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER submitted BEFORE UPDATE OR DELETE ON consultations_response
    FOR EACH ROW EXECUTE FUNCTION refuse_submitted_response();

CREATE FUNCTION refuse_of_submitted_response() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    response_id_old bigint := CASE WHEN TG_OP = 'INSERT' THEN NEW.response_id ELSE OLD.response_id END;
    response_id_new bigint := CASE WHEN TG_OP = 'DELETE' THEN OLD.response_id ELSE NEW.response_id END;
BEGIN
    IF EXISTS (SELECT 1 FROM consultations_response
               WHERE id IN (response_id_old, response_id_new) AND state = 'submitted') THEN
        RAISE EXCEPTION 'the response is submitted' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER submitted BEFORE INSERT OR UPDATE OR DELETE ON consultations_point
    FOR EACH ROW EXECUTE FUNCTION refuse_of_submitted_response();
CREATE TRIGGER submitted BEFORE INSERT OR UPDATE OR DELETE ON consultations_position
    FOR EACH ROW EXECUTE FUNCTION refuse_of_submitted_response();
CREATE TRIGGER submitted BEFORE INSERT OR UPDATE OR DELETE ON consultations_answer
    FOR EACH ROW EXECUTE FUNCTION refuse_of_submitted_response();

CREATE FUNCTION refuse_changed_disposition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'current' = to_jsonb(OLD) - 'current' AND NOT NEW.current
    THEN RETURN NEW; END IF;
    RAISE EXCEPTION 'a disposition is never changed, only followed by another' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON consultations_disposition
    FOR EACH ROW EXECUTE FUNCTION refuse_changed_disposition();
"""
BACKWARD = """
DROP TRIGGER append_only ON consultations_disposition;
DROP TRIGGER submitted ON consultations_answer;
DROP TRIGGER submitted ON consultations_position;
DROP TRIGGER submitted ON consultations_point;
DROP TRIGGER submitted ON consultations_response;
DROP FUNCTION refuse_changed_disposition();
DROP FUNCTION refuse_of_submitted_response();
DROP FUNCTION refuse_submitted_response();
"""


class Migration(migrations.Migration):
    dependencies = [("consultations", "0001_initial"), ("actors", "0003_trail_is_append_only")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
