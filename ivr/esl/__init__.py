"""The event socket: frames, commands, the session with a FreeSWITCH, the server, and a Call over it."""
