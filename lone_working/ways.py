"""By which ways somebody can be told, and a message that tells of no alarm."""

from uuid import UUID, uuid5

from messages import commands as messages
from messages import rules as message_rules
from messages.rules import Channel
from people.queries import Contact
from people.rules import Role


def mobile(contact: Contact) -> str:
    try:
        return message_rules.recipient(Channel.SMS, contact.phone) if contact.phone else ""
    except ValueError:
        return ""


def email(contact: Contact) -> str:
    try:
        return message_rules.recipient(Channel.EMAIL, contact.email)
    except ValueError:
        return ""


def address(contact: Contact, channel: Channel) -> str:
    if channel is Channel.PUSH:
        return message_rules.phones_of(contact.id)
    return mobile(contact) if channel is Channel.SMS else email(contact)


def of(contact: Contact) -> list[Channel]:
    """A text first; a manager also by e-mail, and whoever has no mobile. A notification only comes on top."""
    found = [Channel.SMS] if mobile(contact) else []
    if email(contact) and (not found or contact.role in (Role.MANAGER, Role.ADMINISTRATOR)):
        found.append(Channel.EMAIL)
    return [*found, Channel.PUSH] if found and contact.push else found


def every_way(contact: Contact) -> list[Channel]:
    """All by which they can be told, in the order in which one takes the place of another."""
    able = {Channel.SMS: mobile(contact), Channel.EMAIL: email(contact)}
    return [channel for channel, address in able.items() if address]


def notice(
    about: UUID, what: str, to: Contact, channel: Channel, template: str, given: dict[str, str], record: str
) -> messages.Wanted:
    """A message that tells of no alarm: the same whoever makes it."""
    id = uuid5(about, f"{template} {what} {to.id} {channel.value}")
    return messages.Wanted(id, channel, f"{template}-{channel.value}", address(to, channel), given, record)
