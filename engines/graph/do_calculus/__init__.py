"""Effects of interventions in graphs with hidden causes: ID and IDC, formulas, hedges, and their verification.

Nothing here shows a formula that was not verified: `answer.answered` identifies and verifies in one go.
"""
