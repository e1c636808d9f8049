"""A Wireshark profile: a folder of settings with which the captures of a run open decrypted.

    wireshark -C NAME FILE                       after the folder was copied to the profiles
    WIRESHARK_CONFIG_DIR=FOLDER wireshark FILE   as it is

`ikev1_decryption_table` and `esp_sa` hold the keys, `preferences` switches decryption on and puts
the comment of each packet, which is its label and fate, into a column.
"""

from gwsim.capture.keys import WARNING, esp_sa, ikev1_decryption_table
from gwsim.gateway.keys import ExportedKeys

_COLUMNS: tuple[tuple[str, str], ...] = (
    ("No.", "%m"),
    ("Time", "%t"),
    ("Source", "%s"),
    ("Destination", "%d"),
    ("Protocol", "%p"),
    ("Length", "%L"),
    ("Label and fate", "%Cus:frame.comment:0:R"),
    ("Info", "%i"),
)

_PREFERENCES = """\
# How captures of gwsim are shown. Beside this file lie the keys they are decrypted with.
esp.enable_encryption_decode: TRUE
esp.enable_authentication_check: TRUE
gui.column.format: {}
"""


def profile(keys: ExportedKeys) -> dict[str, str]:
    """Give the files of a profile, by their names."""
    columns = ", ".join(f'"{title}", "{what}"' for title, what in _COLUMNS)
    return {
        "ikev1_decryption_table": ikev1_decryption_table(keys.ike) or f"{WARNING}\n",
        "esp_sa": esp_sa(keys.esp, anywhere=True) or f"{WARNING}\n",
        "preferences": _PREFERENCES.format(columns),
    }
