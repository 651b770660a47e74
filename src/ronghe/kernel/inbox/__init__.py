"""inbox: messages to users (消息)."""
