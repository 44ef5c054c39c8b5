"""Which attributes and nesting each TwiML element may have, as the carrier documents them."""

from __future__ import annotations

SSML = frozenset(
    [
        "break",
        "emphasis",
        "lang",
        "p",
        "phoneme",
        "prosody",
        "s",
        "say-as",
        "sub",
        "w",
        "amazon:effect",
        "amazon:domain",
    ]
)
PROGRESS = frozenset({"initiated", "ringing", "answered", "completed"})
CONFERENCE = frozenset(
    ["start", "end", "join", "leave", "mute", "hold", "modify", "speaker", "announcement"]
)

_AMD = (
    "machineDetection machineDetectionTimeout machineDetectionSpeechThreshold "
    "machineDetectionSpeechEndThreshold machineDetectionSilenceTimeout amdStatusCallback "
    "amdStatusCallbackMethod"
)

ATTRIBUTES: dict[str, frozenset[str]] = {
    name: frozenset(attributes.split())
    for name, attributes in {
        "Response": "",
        "Say": "voice loop language",
        "Play": "loop digits",
        "Pause": "length",
        "Gather": (
            "input action method timeout speechTimeout maxSpeechTime profanityFilter finishOnKey "
            "numDigits partialResultCallback partialResultCallbackMethod language hints bargeIn "
            "debug actionOnEmptyResult speechModel enhanced"
        ),
        "Record": (
            "action method timeout finishOnKey maxLength playBeep trim recordingStatusCallback "
            "recordingStatusCallbackMethod recordingStatusCallbackEvent transcribe "
            "transcribeCallback"
        ),
        "Redirect": "method",
        "Enqueue": "action maxQueueSize method waitUrl waitUrlMethod workflowSid",
        "Leave": "",
        "Hangup": "",
        "Reject": "reason",
        "Dial": (
            "action method timeout hangupOnStar timeLimit callerId record trim "
            "recordingStatusCallback recordingConfigurationId recordingStatusCallbackMethod "
            "recordingStatusCallbackEvent answerOnBridge ringTone recordingTrack sequential "
            "referUrl referMethod events passports"
        ),
        "Number": (
            "sendDigits url method statusCallbackEvent statusCallback statusCallbackMethod byoc "
            + _AMD
        ),
        "Conference": (
            "muted beep startConferenceOnEnter endConferenceOnExit waitUrl waitMethod "
            "maxParticipants record recordingConfigurationId region coach trim "
            "statusCallbackEvent statusCallback statusCallbackMethod recordingStatusCallback "
            "recordingStatusCallbackMethod recordingStatusCallbackEvent eventCallbackUrl "
            "jitterBufferSize participantLabel"
        ),
        "Message": "to from action method statusCallback",
        "Body": "",
        "Media": "",
    }.items()
}

NESTING: dict[str, frozenset[str]] = {
    "Response": frozenset(
        [
            "Say",
            "Play",
            "Pause",
            "Gather",
            "Record",
            "Redirect",
            "Enqueue",
            "Leave",
            "Hangup",
            "Reject",
            "Dial",
        ]
    ),
    "Messaging": frozenset({"Message", "Redirect"}),
    "Gather": frozenset({"Say", "Play", "Pause"}),
    "Dial": frozenset({"Number", "Conference"}),
    "Message": frozenset({"Body", "Media"}),
    "Say": SSML,
}

# Real words of the carrier that the rehearsal does not play yet.
NOT_PLAYED: dict[str, frozenset[str]] = {
    "Response": frozenset(["Connect", "Start", "Stop", "Pay", "Prompt", "Refer", "Sms", "Echo"]),
    "Messaging": frozenset(),
    "Dial": frozenset({"Client", "Sip", "Queue", "Sim", "Application", "WhatsApp"}),
}

# Playable verbs per place: documents fetched from there may hold nothing else.
ANYWHERE = NESTING["Response"]
IN_QUEUE = frozenset(["Say", "Play", "Pause", "Gather", "Redirect", "Hangup", "Leave"])
IN_ROOM = frozenset(["Say", "Play", "Pause", "Redirect"])
IN_WHISPER = frozenset(["Say", "Play", "Pause", "Gather", "Redirect", "Hangup"])
