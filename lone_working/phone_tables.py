"""What a phone is trusted with while its officer is out, and where it was when they pressed something."""

from piccolo.columns import DoublePrecision, ForeignKey, Integer, Text, Timestamptz, Varchar
from piccolo.columns.column_types import UUID
from piccolo.table import Table

from lone_working.tables import LoneSession
from people.tables import Person
from pwa.ids import uuid7


class VisitToken(Table):
    """Lets one phone check in, call for help and end one session when nobody is signed in on it."""

    id = UUID(primary_key=True, default=uuid7)
    token_sha256 = Varchar(length=64, unique=True, secret=True)
    session = ForeignKey(references=LoneSession, index=True)
    person = ForeignKey(references=Person)
    device = UUID(index=True, help_text="The phone it was given to; on any other it is nothing")
    made_at = Timestamptz()
    lost_at = Timestamptz(null=True, default=None, help_text="When that phone was called lost. It stays so")


class SealingKey(Table):
    """A PIN entered with no signal is sealed to the newest of these. The server alone can open it."""

    id = UUID(primary_key=True, default=uuid7)
    private_key = Text(secret=True, help_text="PKCS 8, PEM")
    public_key = Text(help_text="SubjectPublicKeyInfo, base64")
    made_at = Timestamptz(index=True)


class LonePoint(Table):
    """Where a phone was, degrees WGS 84. Only from the start to the end of a session or of its alarm."""

    id = UUID(primary_key=True, help_text="Made of the command it came with")
    session = ForeignKey(references=LoneSession, index=True)
    why = Varchar(length=10, help_text="lone_working.point_rules.Why")
    latitude = DoublePrecision()
    longitude = DoublePrecision()
    accuracy = Integer(null=True, default=None, help_text="Metres, as the phone said")
    at = Timestamptz(help_text="By our clock, as near as can be told")
    received_at = Timestamptz()


class LoneLook(Table):
    """Somebody looked where an officer was, from then until the alarm was over. The officer reads it then."""

    id = UUID(primary_key=True)
    session = ForeignKey(references=LoneSession, index=True)
    alarm = UUID(null=True, default=None, index=True, help_text="The alarm they looked for")
    why = Varchar(length=10, default="", help_text="What it was about then: lone_working.rules.AlarmKind")
    person = UUID()
    person_name = Varchar(length=200)
    at = Timestamptz()
