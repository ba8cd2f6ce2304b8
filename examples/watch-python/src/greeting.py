GREETING = "Hello from Python"
