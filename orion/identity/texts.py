"""What signing in says, in our words: keys of Flask-Security, texts of our catalogs."""


def N_(text: str) -> str:
    """Mark a text for the catalogs; it is translated when it is shown."""
    return text


MESSAGES = {
    "ANONYMOUS_USER_REQUIRED": (N_("You are signed in already."), "info"),
    "API_ERROR": (N_("This value can't be used here."), "error"),
    "DISABLED_ACCOUNT": (N_("This account is switched off."), "error"),
    "EMAIL_NOT_PROVIDED": (N_("Enter your e-mail address."), "error"),
    "GENERIC_AUTHN_FAILED": (
        N_("E-mail address or password is wrong. After many wrong attempts, wait a few minutes."),
        "error",
    ),
    "INVALID_EMAIL_ADDRESS": (N_("This is not an e-mail address."), "error"),
    "INVALID_PASSWORD": (N_("This password is wrong."), "error"),
    "INVALID_REDIRECT": (N_("The page to go to after signing in must be one of this site."), "error"),
    "INVALID_RESET_PASSWORD_TOKEN": (N_("This link has been used already, or is not whole."), "error"),
    "PASSWORD_CHANGE": (N_("Your password has been changed. Your other sessions have ended."), "success"),
    "PASSWORD_INVALID_LENGTH": (N_("A password has at least %(length)s characters."), "error"),
    "PASSWORD_IS_THE_SAME": (N_("The new password is the old one."), "error"),
    "PASSWORD_NOT_PROVIDED": (N_("Enter a password."), "error"),
    "PASSWORD_RESET_EXPIRED": (N_("This link was good for %(within)s only. Ask for a new one."), "error"),
    "PASSWORD_RESET_NO_LOGIN": (N_("Your password has been changed. Sign in with the new one."), "success"),
    "PASSWORD_RESET_REQUEST": (
        N_("If %(email)s is known here, a mail with a link is on its way."),
        "info",
    ),
    "RETYPE_PASSWORD_MISMATCH": (N_("The two passwords differ."), "error"),
    "UNAUTHENTICATED": (N_("Sign in to see this page."), "info"),
    "USER_DOES_NOT_EXIST": (N_("There is no such person."), "error"),
}
SUBJECTS = {
    "PASSWORD_NOTICE": N_("Your password has been reset"),
    "PASSWORD_CHANGE_NOTICE": N_("Your password has been changed"),
    "PASSWORD_RESET": N_("Choose a new password"),
}
