"""From respondents to estimates."""
