"""A real FreeSWITCH, started with freeswitch-conf as it is shipped, and people who call it."""
